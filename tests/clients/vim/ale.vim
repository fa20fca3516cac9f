" Waits for ALE's problems, lets it mend and format the text on saving, and waits until they are gone.

function! s:problems() abort
  let l:all = copy(ale#engine#GetLoclist(bufnr('%')))
  return map(filter(l:all, {_, item -> item.linter_name ==# 'buildlint'}), {_, item -> {
    \ 'file': fnamemodify(item.filename, ':t'),
    \ 'place': [item.lnum, item.col, item.end_lnum, item.end_col],
    \ 'type': item.type,
    \ 'code': item.code,
    \ 'text': item.text,
    \}})
endfunction

function! s:seen() abort
  let l:seen = {}
  call ale#Queue(0, 'lint_file')
  call Wait({-> !empty(s:problems())}, 'problems')
  let l:seen.before = s:problems()
  write
  call Wait({-> len(s:problems()) < len(l:seen.before)}, 'an end of the problems')
  let l:seen.text = readfile(expand('%'))
  let l:seen.after = s:problems()
  return l:seen
endfunction

call Tell(function('s:seen'))
