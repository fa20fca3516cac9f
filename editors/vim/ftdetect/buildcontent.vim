autocmd BufRead,BufNewFile BuildContent,*.buildcontent,*.component setfiletype buildcontent
