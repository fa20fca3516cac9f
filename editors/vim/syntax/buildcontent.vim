" Templates of ECS Image Builder: commands, comments, and the shell text of RUN.

if exists('b:current_syntax')
  finish
endif

" RUN is run by the shell of the build instance, which is bash on the public images.
let b:is_bash = 1
syntax include @buildcontentShell syntax/sh.vim
unlet b:current_syntax
syntax sync clear
syntax sync fromstart
syntax case ignore

" A command ends at a line end, unless one backslash stands before it; comments and blank lines
" inside do not end it. What is no command of the service stays plain.
let s:logical_line = 'keepend'
  \ . ' skip=/\\\@1<!\\\s*\n\|^\s*#.*\n\|^\s*\n/ end=/$/'
  \ . ' contains=buildcontentComment,buildcontentContinuation'
execute 'syntax region buildcontentUnknown start=/^\s*\zs[^#[:space:]]/' s:logical_line

" Each kind of command, and what its arguments may hold.
for [s:names, s:kind, s:parts] in [
  \ ['FROM', 'From', 'buildcontentImageType'],
  \ ['RUN', 'Run', '@buildcontentShell'],
  \ ['ENV LABEL', 'Pairs', 'buildcontentString,buildcontentName'],
  \ ['CMD ENTRYPOINT', 'Program', 'buildcontentString'],
  \ ['COMPONENT', 'Component', 'buildcontentString,buildcontentParameter'],
  \ ['COPY USER WORKDIR RESTART', 'Words', ''],
  \]
  let s:arguments = 'buildcontent' . s:kind
  let s:word = join(split(s:names), '\|')
  execute 'syntax match buildcontentCommand /^\s*\zs\%(' . s:word . '\)\ze\%([[:space:]\\]\|$\)/'
    \ 'nextgroup=' . s:arguments
  execute 'syntax region' s:arguments 'contained start=/./me=s-1' s:logical_line
    \ . (empty(s:parts) ? '' : ',' . s:parts)
endfor

syntax match buildcontentImageType /\<IMAGE\%(_FAMILY\)\?\ze:/ contained
syntax match buildcontentName /[^[:space:]="\\]\+\ze=/ contained
syntax match buildcontentName /\%(\<\%(ENV\|LABEL\)\s\+\)\@<=[^[:space:]="\\]\+\ze\s/ contained
syntax match buildcontentParameter /\%(^\|\s\)\zs--\S\+/ contained
syntax region buildcontentString start=/"/ skip=/\\\_./ end=/"/ contained
syntax match buildcontentContinuation /\\\@1<!\\\s*$/ contained

syntax match buildcontentComment /^\s*\zs#.*$/
  \ contains=buildcontentDirective,buildcontentTodo,@Spell containedin=@buildcontentShell
syntax keyword buildcontentTodo TODO FIXME XXX contained
syntax match buildcontentDirective contained contains=buildcontentRule
  \ /#\s*buildlint\s*:\s*\%(ignore\%(-file\)\?\[[^]]*\]\|format\s\+\%(on\|off\)\>\)/
syntax match buildcontentRule /\<BL\d\+\>/ contained

highlight default link buildcontentCommand Keyword
highlight default link buildcontentImageType Type
highlight default link buildcontentName Identifier
highlight default link buildcontentParameter Special
highlight default link buildcontentString String
highlight default link buildcontentContinuation Special
highlight default link buildcontentComment Comment
highlight default link buildcontentDirective PreProc
highlight default link buildcontentRule Constant
highlight default link buildcontentTodo Todo

unlet s:logical_line s:names s:kind s:parts s:arguments s:word
let b:current_syntax = 'buildcontent'
