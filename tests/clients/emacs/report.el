;;; report.el --- Checks by M-x compile, and tells where its errors lead  -*- lexical-binding: t; -*-

(require 'compile)

(defun visited ()
  "Go to the next error, and tell where that is."
  (next-error)
  (with-current-buffer (window-buffer)
    (vector (buffer-name) (line-number-at-pos) (1+ (- (point) (line-beginning-position))))))

(tell (lambda ()
        (let* ((report (compile "buildlint check"))
               (process (get-buffer-process report)))
          (wait-until (lambda () (not (process-live-p process))) "the report")
          `((visited . ,(vector (visited) (visited) (visited)))
            (counts . ,(with-current-buffer report
                         (vector compilation-num-errors-found
                                 compilation-num-warnings-found
                                 compilation-num-infos-found)))))))
