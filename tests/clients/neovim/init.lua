require("buildlint").setup()

-- As in docs/editors.md; 0.7 has another name for it.
vim.api.nvim_create_autocmd("BufWritePre", {
  pattern = { "BuildContent", "*.buildcontent" },
  callback = function()
    if vim.lsp.buf.format then
      vim.lsp.buf.format()
    else
      vim.lsp.buf.formatting_sync()
    end
  end,
})
