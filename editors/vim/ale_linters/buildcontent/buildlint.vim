" ALE: check while typing.

call ale#Set('buildcontent_buildlint_executable', 'buildlint')
call ale#Set('buildcontent_buildlint_options', '')

" The columns of this format count bytes, as ALE's do.
function! ale_linters#buildcontent#buildlint#Command(buffer) abort
  return '%e check --output-format rdjsonl --stdin-filename %s'
    \ . ale#Pad(ale#Var(a:buffer, 'buildcontent_buildlint_options')) . ' -'
endfunction

function! ale_linters#buildcontent#buildlint#Handle(buffer, lines) abort
  return map(copy(a:lines), {_, line -> s:problem(json_decode(line))})
endfunction

function! s:problem(found) abort
  let l:range = a:found.location.range
  return {
    \ 'filename': a:found.location.path,
    \ 'lnum': l:range.start.line,
    \ 'col': l:range.start.column,
    \ 'end_lnum': l:range.end.line,
    \ 'end_col': l:range.end.column - 1,
    \ 'type': a:found.severity[0],
    \ 'code': a:found.code.value,
    \ 'text': a:found.message,
    \}
endfunction

call ale#linter#Define('buildcontent', {
  \ 'name': 'buildlint',
  \ 'executable': {buffer -> ale#Var(buffer, 'buildcontent_buildlint_executable')},
  \ 'command': function('ale_linters#buildcontent#buildlint#Command'),
  \ 'callback': 'ale_linters#buildcontent#buildlint#Handle',
  \})
