;;; compile.el --- Compiles the mode; tells the warnings  -*- lexical-binding: t; -*-

(tell (lambda ()
        (byte-compile-file "buildcontent-mode.el")
        (let ((log (get-buffer byte-compile-log-buffer)))
          `((log . ,(if log (with-current-buffer log (buffer-string)) ""))))))
