;;; buildcontent-mode.el --- Templates of ECS Image Builder  -*- lexical-binding: t; -*-

;; Keywords: languages, tools

;;; Commentary:

;; A major mode for BuildContent, the templates of Alibaba Cloud ECS Image Builder.  Eglot, which
;; is part of Emacs 29 and later, finds their language server: pip install "buildlint[server]".
;;
;;   (add-to-list 'load-path "~/buildlint/editors/emacs")
;;   (require 'buildcontent-mode)
;;   (add-hook 'buildcontent-mode-hook #'eglot-ensure)
;;
;; Templates in files of Terraform, ROS and Pulumi are checked by Flymake, beside what else checks
;; these files:
;;
;;   (add-hook 'terraform-mode-hook #'buildcontent-flymake-setup)
;;   (add-hook 'yaml-mode-hook #'buildcontent-flymake-setup)

;;; Code:

(require 'flymake)
(require 'let-alist)
(require 'seq)
(require 'subr-x)

(defgroup buildcontent nil
  "Templates of ECS Image Builder."
  :group 'languages)

(defvar compilation-error-screen-columns)

(defcustom buildcontent-server-command '("buildlint" "server")
  "The language server: a program and its arguments."
  :type '(repeat string))

(defcustom buildcontent-check-command '("buildlint" "check")
  "The command that checks files: a program and its arguments."
  :type '(repeat string))

(defconst buildcontent-commands
  '("FROM" "RUN" "ENV" "WORKDIR" "COPY" "USER" "LABEL" "CMD" "ENTRYPOINT" "RESTART" "COMPONENT")
  "The commands that Image Builder has.")

(defconst buildcontent--command
  (concat "^[ \t]*" (regexp-opt buildcontent-commands t) "\\(?:[ \t\\]\\|$\\)"))

(defun buildcontent--continued-p ()
  "Whether the line at point continues the one above it.
Comments and blank lines in between continue nothing, and end nothing."
  (save-excursion
    (save-match-data
      (beginning-of-line)
      (let ((above 'passed-over))
        (while (and (eq above 'passed-over) (zerop (forward-line -1)))
          (setq above (cond ((looking-at "[ \t]*\\(?:#.*\\)?$") 'passed-over)
                            ((looking-at "\\(?:.*[^\\\n]\\)?\\\\[ \t]*$") t))))
        (eq above t)))))

(defun buildcontent--next-command (limit)
  "Find the next command before LIMIT."
  (let ((case-fold-search t) found)
    (while (and (setq found (re-search-forward buildcontent--command limit t))
                (buildcontent--continued-p)))
    found))

(defconst buildcontent--directive
  "^[ \t]*#[ \t]*\\(buildlint[ \t]*:[ \t]*\\(?:ignore\\(?:-file\\)?\\[[^]\n]*]\\|format +o\\(?:n\\|ff\\)\\)\\)")

(defvar buildcontent-font-lock-keywords
  `((buildcontent--next-command 1 font-lock-keyword-face)
    (,buildcontent--directive 1 font-lock-preprocessor-face t)
    ("\\_<IMAGE\\(?:_FAMILY\\)?\\_>:" . font-lock-type-face)
    ("\\([A-Za-z_][A-Za-z0-9_]*\\)=" 1 font-lock-variable-name-face)
    ("\\${?\\([A-Za-z_][A-Za-z0-9_]*\\)" 1 font-lock-variable-name-face t)
    ("[ \t]\\(--[A-Za-z][-A-Za-z0-9]*\\)" 1 font-lock-builtin-face))
  "Highlighting of templates, in addition to comments and strings.")

(defvar buildcontent-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "." table)
    table)
  "Syntax table of templates, without comments and strings.
`buildcontent--propertize' marks them: a # starts a comment only at
the start of a line, and no quote that stands alone starts a string.")

(defconst buildcontent--propertize
  (syntax-propertize-rules
   ("^[ \t]*\\(#\\)" (1 "<"))
   ("\\(\"\\)\\(?:[^\"\\\n]\\|\\\\.\\)*\\(\"\\)" (1 "\"") (2 "\""))
   ("\\('\\)[^'\n]*\\('\\)" (1 "\"") (2 "\""))))

(defun buildcontent--imenu ()
  "List the commands of a template."
  (let (index)
    (save-excursion
      (goto-char (point-min))
      (while (buildcontent--next-command nil)
        (push (cons (string-trim (buffer-substring-no-properties
                                  (line-beginning-position) (line-end-position)))
                    (match-beginning 1))
              index)
        (forward-line)))
    (nreverse index)))

;;;###autoload
(define-derived-mode buildcontent-mode prog-mode "BuildContent"
  "Major mode for templates of ECS Image Builder."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "#+[ \t]*")
  (setq-local syntax-propertize-function buildcontent--propertize)
  (setq-local parse-sexp-lookup-properties t)
  (setq-local completion-ignore-case t)
  (setq-local imenu-create-index-function #'buildcontent--imenu)
  ;; The report of `M-x compile' counts characters.
  (setq-local compilation-error-screen-columns nil)
  (setq-local font-lock-defaults '(buildcontent-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist
             '("\\(?:/BuildContent\\|\\.buildcontent\\|\\.component\\)\\'" . buildcontent-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               (cons 'buildcontent-mode (lambda (&rest _) buildcontent-server-command))))

;;; Templates in other files

(defconst buildcontent--resource
  (regexp-opt '("alicloud_ecs_image_pipeline" "alicloud_ecs_image_component"
                "ALIYUN::ECS::ImagePipeline" "ALIYUN::ECS::ImageComponent"
                "EcsImagePipeline" "EcsImageComponent"))
  "What declares a template or component in Terraform, ROS and Pulumi.")

(defvar-local buildcontent--check nil
  "The process that checks the buffer.")

(defun buildcontent--may-hold-template-p ()
  "Whether the buffer may hold a template: a cheap look."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (let ((case-fold-search nil))
        (re-search-forward buildcontent--resource nil t)))))

(defun buildcontent--problem (found)
  "Make what Flymake shows of FOUND, a diagnostic in the current buffer."
  (let-alist found
    (flymake-make-diagnostic
     (current-buffer)
     (+ .start.offset (point-min))
     (max (+ .end.offset (point-min)) (+ .start.offset (point-min) 1))
     (cdr (assoc .severity '(("error" . :error) ("warning" . :warning) ("info" . :note))))
     (format "[%s]: %s" .rule .message))))

(defun buildcontent--checked (process report)
  "Call REPORT with what PROCESS found in the current buffer."
  (let ((found (with-current-buffer (process-buffer process)
                 (goto-char (point-min))
                 ;; Before it, there may be a warning.
                 (when (re-search-forward "^\\[" nil t)
                   (backward-char)
                   (ignore-errors
                     (json-parse-buffer :object-type 'alist :array-type 'list
                                        :null-object nil :false-object nil)))))
        (name buffer-file-name))
    (save-restriction
      (widen)
      (funcall report
               (mapcar #'buildcontent--problem
                       (seq-filter (lambda (each) (equal (alist-get 'path each) name)) found))))))

(defun buildcontent-flymake (report &rest _)
  "Check the templates in the buffer, as a backend of Flymake.
REPORT is called with what is found."
  (let ((before buildcontent--check))
    (setq buildcontent--check nil)
    (when (process-live-p before)
      (delete-process before)))
  (if (not (and buffer-file-name (buildcontent--may-hold-template-p)))
      (funcall report nil)
    (let* ((source (current-buffer))
           (process
            (make-process
             :name "buildlint"
             :buffer (generate-new-buffer " *buildlint*")
             :command (append buildcontent-check-command
                              (list "--output-format" "json"
                                    "--stdin-filename" buffer-file-name "-"))
             :connection-type 'pipe
             :coding 'utf-8-unix
             :noquery t
             :sentinel
             (lambda (process _event)
               (unless (process-live-p process)
                 (unwind-protect
                     (when (buffer-live-p source)
                       (with-current-buffer source
                         ;; A check that was begun later knows better.
                         (when (eq process buildcontent--check)
                           (buildcontent--checked process report))))
                   (kill-buffer (process-buffer process))))))))
      (setq buildcontent--check process)
      (save-restriction
        (widen)
        (process-send-region process (point-min) (point-max)))
      (process-send-eof process))))

(defun buildcontent--add-to-flymake ()
  "Have Flymake check the templates in the buffer."
  (add-hook 'flymake-diagnostic-functions #'buildcontent-flymake nil t))

;;;###autoload
(defun buildcontent-flymake-setup ()
  "Have Flymake check the templates in a file of Terraform, ROS or Pulumi.
A file without a template is only searched for one."
  (buildcontent--add-to-flymake)
  ;; Eglot takes other backends away when it begins.
  (add-hook 'eglot-managed-mode-hook #'buildcontent--add-to-flymake t t)
  (flymake-mode))

;;; Reports

(defconst buildcontent--place " \\(.+\\):\\([0-9]+\\):\\([0-9]+\\)$"
  "A file, a line and a column, as the report of buildlint check ends a line with.")

(defvar compilation-error-regexp-alist)
(defvar compilation-error-regexp-alist-alist)
(with-eval-after-load 'compile
  (dolist (kind `((buildlint
                   ,(concat "^\\(?:error\\|\\(warning\\)\\|\\(info\\)\\)\\[[^]\n]+].*\n *-->"
                            buildcontent--place)
                   3 4 5 (1 . 2))
                  (buildlint-again ,(concat "^ *:::" buildcontent--place) 1 2 3 0)))
    (add-to-list 'compilation-error-regexp-alist-alist kind)
    (add-to-list 'compilation-error-regexp-alist (car kind))))

(provide 'buildcontent-mode)
;;; buildcontent-mode.el ends here
