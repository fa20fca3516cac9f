autocmd BufRead,BufNewFile BuildContent,*.buildcontent setfiletype buildcontent
