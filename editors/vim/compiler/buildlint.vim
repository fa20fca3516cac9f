" :compiler buildlint, then :make checks the current directory, and :make % the current file.

if exists('current_compiler')
  finish
endif
let current_compiler = 'buildlint'

CompilerSet makeprg=buildlint\ check\ --quiet\ --output-format\ concise\ $*
CompilerSet errorformat=
  \%f:%l:%c:\ %trror\ %m,
  \%f:%l:%c:\ %tarning\ %m,
  \%f:%l:%c:\ %tnfo\ %m

augroup buildlint_columns
  autocmd!
  autocmd QuickFixCmdPost make call buildlint#quickfix_columns()
  autocmd QuickFixCmdPost lmake call buildlint#location_columns()
augroup END
