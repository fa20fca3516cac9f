" Tells what ALE would start for the file.

call Tell({-> buildlint#ale#Executable(bufnr('%'))})
