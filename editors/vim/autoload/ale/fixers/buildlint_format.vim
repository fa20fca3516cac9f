function! ale#fixers#buildlint_format#Fix(buffer) abort
  return {'command': ale#fixers#buildlint#Command(a:buffer, 'format')}
endfunction
