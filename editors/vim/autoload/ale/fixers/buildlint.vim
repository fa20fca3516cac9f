call ale#Set('buildcontent_buildlint_executable', 'buildlint')
call ale#Set('buildcontent_buildlint_options', '')

function! ale#fixers#buildlint#Fix(buffer) abort
  return {'command': ale#fixers#buildlint#Command(a:buffer, 'check --fix --exit-zero')}
endfunction

" A command that reads the buffer and writes the text to put in its place.
function! ale#fixers#buildlint#Command(buffer, subcommand) abort
  return ale#Escape(ale#Var(a:buffer, 'buildcontent_buildlint_executable'))
    \ . ' ' . a:subcommand . ' --stdin-filename %s'
    \ . ale#Pad(ale#Var(a:buffer, 'buildcontent_buildlint_options')) . ' -'
endfunction
