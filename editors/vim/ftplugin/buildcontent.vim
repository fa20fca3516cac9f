" Editing templates: comments.

if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

" A comment takes a line of its own: a # behind something else is part of it.
setlocal commentstring=#\ %s
setlocal comments=b:#
setlocal formatoptions-=t formatoptions+=croql
let b:undo_ftplugin = 'setlocal commentstring< comments< formatoptions<'
