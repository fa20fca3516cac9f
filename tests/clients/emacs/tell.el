;;; tell.el --- What the scripts beside this share  -*- lexical-binding: t; -*-

(require 'flymake)
(require 'json)

(defun wait-until (is-met what)
  "Read from the server until IS-MET returns something, and return that; WHAT is for the message."
  (let ((deadline (+ (float-time) 20)) met)
    (while (not (setq met (funcall is-met)))
      (when (> (float-time) deadline)
        (error "Waited in vain for %s" what))
      (accept-process-output nil 0.01))
    met))

(defun problems ()
  "The diagnostics that Flymake shows, with their places."
  (mapcar (lambda (found)
            `((start . ,(flymake-diagnostic-beg found))
              (end . ,(flymake-diagnostic-end found))
              (type . ,(format "%s" (flymake-diagnostic-type found)))
              (text . ,(flymake-diagnostic-text found))))
          (flymake-diagnostics)))

(defun tell (see)
  "Write what SEE returns as JSON to $RESULT."
  (let ((seen (condition-case problem (funcall see)
                (error `((failed . ,(error-message-string problem))))))
        (coding-system-for-write 'utf-8))
    (with-temp-file (getenv "RESULT")
      (insert (json-encode seen)))))
