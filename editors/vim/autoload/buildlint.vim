" buildlint counts columns in characters, Vim in bytes: they differ behind text that is not ASCII.

function! buildlint#quickfix_columns() abort
  let l:list = getqflist({'items': 1, 'title': 1})
  if s:is_ours(l:list)
    call setqflist([], 'r', {'items': s:in_bytes(l:list.items)})
  endif
endfunction

function! buildlint#location_columns() abort
  let l:list = getloclist(0, {'items': 1, 'title': 1})
  if s:is_ours(l:list)
    call setloclist(0, [], 'r', {'items': s:in_bytes(l:list.items)})
  endif
endfunction

function! s:is_ours(list) abort
  return a:list.title =~# '^:buildlint check '
endfunction

function! s:in_bytes(items) abort
  let l:files = {}
  for l:item in a:items
    if !l:item.valid
      continue
    endif
    if !has_key(l:files, l:item.bufnr)
      let l:files[l:item.bufnr] = readfile(bufname(l:item.bufnr))
    endif
    let l:line = get(l:files[l:item.bufnr], l:item.lnum - 1, '')
    let l:item.col = byteidxcomp(l:line, l:item.col - 1) + 1
  endfor
  return a:items
endfunction
