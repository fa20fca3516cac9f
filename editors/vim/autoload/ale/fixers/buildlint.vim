function! ale#fixers#buildlint#Fix(buffer) abort
  return buildlint#ale#Fixed(a:buffer, 'check --fix --exit-zero')
endfunction
