" What buildlint does for ALE, by the types of files: templates, and Terraform, YAML and JSON, which
" may hold some.

call ale#Set('buildcontent_buildlint_executable', 'buildlint')
call ale#Set('buildcontent_buildlint_options', '')

" What declares a template or component in Terraform, ROS and Pulumi.
let s:resources = ['alicloud_ecs_image_pipeline', 'alicloud_ecs_image_component',
  \ 'ALIYUN::ECS::ImagePipeline', 'ALIYUN::ECS::ImageComponent',
  \ 'EcsImagePipeline', 'EcsImageComponent']

function! buildlint#ale#Define(filetype) abort
  call ale#linter#Define(a:filetype, {
    \ 'name': 'buildlint',
    \ 'executable': function('buildlint#ale#Executable'),
    \ 'command': function('s:check'),
    \ 'callback': function('s:problems'),
    \})
endfunction

function! buildlint#ale#Register() abort
  call ale#fix#registry#Add('buildlint', 'ale#fixers#buildlint#Fix',
    \ ['buildcontent', 'terraform', 'yaml', 'json'], 'Make the safe fixes of buildlint.')
  call ale#fix#registry#Add('buildlint_format', 'ale#fixers#buildlint_format#Fix',
    \ ['buildcontent'], 'Write the template in an even layout.')
endfunction

" The program for a buffer; none for a file without a template.
function! buildlint#ale#Executable(buffer) abort
  return s:is_template(a:buffer) || s:may_hold_template(a:buffer)
    \ ? ale#Var(a:buffer, 'buildcontent_buildlint_executable') : ''
endfunction

" What ALE does to put what a command writes, which reads the buffer, in the place of its text.
function! buildlint#ale#Fixed(buffer, subcommand) abort
  let l:executable = buildlint#ale#Executable(a:buffer)
  return empty(l:executable) ? 0
    \ : {'command': ale#Escape(l:executable) . ' ' . a:subcommand . s:input(a:buffer)}
endfunction

" The columns of this format count bytes, as ALE's do.
function! s:check(buffer) abort
  return '%e check --output-format rdjsonl' . s:input(a:buffer)
endfunction

function! s:input(buffer) abort
  return ' --stdin-filename %s' . ale#Pad(ale#Var(a:buffer, 'buildcontent_buildlint_options')) . ' -'
endfunction

function! s:is_template(buffer) abort
  return getbufvar(a:buffer, '&filetype') ==# 'buildcontent'
endfunction

function! s:may_hold_template(buffer) abort
  let l:text = join(getbufline(a:buffer, 1, '$'), "\n")
  return index(map(copy(s:resources), {_, name -> stridx(l:text, name) >= 0}), 1) >= 0
endfunction

function! s:problems(buffer, lines) abort
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
