;;; buildcontent-mode.el --- Templates of ECS Image Builder  -*- lexical-binding: t; -*-

;; Keywords: languages, tools

;;; Commentary:

;; A major mode for BuildContent, the templates of Alibaba Cloud ECS Image Builder.  Eglot, which
;; is part of Emacs 29 and later, finds their language server: pip install "buildlint[server]".
;;
;;   (add-to-list 'load-path "~/buildlint/editors/emacs")
;;   (require 'buildcontent-mode)
;;   (add-hook 'buildcontent-mode-hook #'eglot-ensure)

;;; Code:

(require 'subr-x)

(defgroup buildcontent nil
  "Templates of ECS Image Builder."
  :group 'languages)

(defvar compilation-error-screen-columns)

(defcustom buildcontent-server-command '("buildlint" "server")
  "The language server: a program and its arguments."
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
