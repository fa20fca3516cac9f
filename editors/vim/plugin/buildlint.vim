" ALE knows the fixers by their names from when a file is open that they are for.

augroup buildlint_fixers
  autocmd!
  autocmd FileType buildcontent,terraform,yaml,json
    \ if exists(':ALEFix') | call buildlint#ale#Register() | endif
augroup END
