;;; session.el --- Edits a template with Eglot, and tells what it showed  -*- lexical-binding: t; -*-

(require 'eglot)
(require 'cl-lib)

(defun line ()
  "The line at point."
  (buffer-substring-no-properties (line-beginning-position) (line-end-position)))

(defun steps ()
  "Do what a user does."
  (let (before hover titles mended completions written)
    (find-file "web.buildcontent")
    (run-hooks 'post-command-hook)      ; there is no command loop, for which `eglot-ensure' waits
    (flymake-start)
    (wait-until #'problems "a diagnostic")
    (setq before (problems))

    (goto-char (point-min))
    (run-hook-with-args-until-success 'eldoc-documentation-functions
                                      (lambda (text &rest _) (setq hover (format "%s" text))))
    (wait-until (lambda () hover) "the hover")

    (goto-char (alist-get 'start (car before)))
    (cl-letf ((last-nonmenu-event ?\r)  ; chosen by key: no menu pops up
              ((symbol-function 'completing-read)
               (lambda (_prompt actions &rest _)
                 (setq titles (all-completions "" actions))
                 (seq-find (lambda (title) (string-match-p "Add double quotes" title))
                           titles))))
      (call-interactively #'eglot-code-actions))
    (setq mended (line))
    (save-buffer)                       ; Eglot tells of changes when idle, and before it saves
    (wait-until (lambda () (null (problems))) "an end of the diagnostics")

    (goto-char (point-max))
    (insert "ru")
    (let ((found (run-hook-with-args-until-success 'completion-at-point-functions)))
      (setq completions (all-completions "ru" (nth 2 found))))
    (delete-region (line-beginning-position) (point-max))

    (insert "run   echo 中文😀\n\n\nuser root\n")
    (save-buffer)
    (setq written (with-temp-buffer
                    (insert-file-contents "web.buildcontent")
                    (buffer-string)))
    `((before . ,(vconcat before))
      (hover . ,hover)
      (actions . ,(vconcat titles))
      (mended . ,mended)
      (completions . ,(vconcat completions))
      (written . ,written))))

(setq eglot-connect-timeout 20
      make-backup-files nil)
(tell #'steps)
(eglot-shutdown-all)
