" Editing templates: comments, and what buildlint does for ALE.

if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

" A comment takes a line of its own: a # behind something else is part of it.
setlocal commentstring=#\ %s
setlocal comments=b:#
setlocal formatoptions-=t formatoptions+=croql
let b:undo_ftplugin = 'setlocal commentstring< comments< formatoptions<'

if exists(':ALEFix')
  call ale#fix#registry#Add('buildlint', 'ale#fixers#buildlint#Fix',
    \ ['buildcontent'], 'Make the safe fixes of buildlint.')
  call ale#fix#registry#Add('buildlint_format', 'ale#fixers#buildlint_format#Fix',
    \ ['buildcontent'], 'Write the template in an even layout.')
endif
