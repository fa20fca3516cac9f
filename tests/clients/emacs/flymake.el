;;; flymake.el --- Opens files with templates, and one without; tells the problems  -*- lexical-binding: t; -*-

(defun problems ()
  "The diagnostics that Flymake shows, with their places."
  (mapcar (lambda (found)
            `((start . ,(flymake-diagnostic-beg found))
              (end . ,(flymake-diagnostic-end found))
              (type . ,(format "%s" (flymake-diagnostic-type found)))
              (text . ,(flymake-diagnostic-text found))))
          (flymake-diagnostics)))

(defun steps ()
  "Do what a user does."
  (let (before after kept without)
    (find-file "main.tf")
    (buildcontent-flymake-setup)
    (flymake-start)
    (wait-until #'problems "a diagnostic")
    (setq before (problems))
    (goto-char (alist-get 'start (car before)))
    (insert "\"")
    (forward-word)
    (insert "\"")
    (flymake-start)
    (wait-until (lambda () (null (problems))) "an end of the diagnostics")
    (setq after (buffer-modified-p))
    ;; As Eglot does.
    (setq-local flymake-diagnostic-functions '(eglot-flymake-backend))
    (run-hooks 'eglot-managed-mode-hook)
    (setq kept (memq #'buildcontent-flymake flymake-diagnostic-functions))
    (find-file "values.yaml")
    (buildcontent-flymake-setup)
    (flymake-start)
    (setq without buildcontent--check)
    `((before . ,(vconcat before)) (modified . ,after) (kept . ,(if kept t :json-false))
      (process . ,without))))

(tell #'steps)
