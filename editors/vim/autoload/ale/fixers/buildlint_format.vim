function! ale#fixers#buildlint_format#Fix(buffer) abort
  return buildlint#ale#Fixed(a:buffer, 'format')
endfunction
