" Makes, follows the quickfix list to the mistake, mends it, and makes again.

function! s:listed(list) abort
  return map(a:list, {_, item -> {
    \ 'file': fnamemodify(bufname(item.bufnr), ':t'),
    \ 'place': [item.lnum, item.col],
    \ 'type': item.type,
    \ 'text': item.text,
    \}})
endfunction

function! s:seen() abort
  let l:seen = {}
  compiler buildlint
  silent lmake! %
  let l:seen.locations = s:listed(getloclist(0))
  silent make!
  let l:seen.before = s:listed(getqflist())
  cc 1
  let l:seen.cursor = [expand('%:t'), line('.'), col('.')]
  execute "normal! i\"\<Esc>A\""
  write
  silent make!
  let l:seen.after = s:listed(getqflist())
  return l:seen
endfunction

call Tell(function('s:seen'))
