-- buildlint's language server. Neovim 0.11 starts it itself, from `lsp/buildlint.lua`; `setup`
-- does so in older ones, too.

local M = {}

local ROOTS = { ".buildlint.toml", "buildlint.toml", "pyproject.toml", ".git" }

-- Whether a buffer holds a template, a component or a request: no other TOML, JSON or YAML concerns
-- buildlint.
local function concerns(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  return vim.bo[bufnr].filetype == "buildcontent"
    or name:find("%.request%.%a+$") ~= nil
    or name:find("%.component%.ya?ml$") ~= nil
end

local function root(bufnr)
  local beside = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ":p:h")
  local folder, above = beside, nil
  while folder ~= above do
    for _, name in ipairs(ROOTS) do
      if vim.loop.fs_stat(folder .. "/" .. name) then
        return folder
      end
    end
    folder, above = vim.fn.fnamemodify(folder, ":h"), folder
  end
  return beside
end

-- What `vim.lsp.config` takes.
M.config = {
  cmd = { "buildlint", "server" },
  filetypes = { "buildcontent", "toml", "json", "yaml" },
  root_dir = function(bufnr, on_dir)
    if concerns(bufnr) then
      on_dir(root(bufnr))
    end
  end,
}

-- Before 0.11: one client for each root.
local function start_by_hand(config)
  local clients = {}
  vim.api.nvim_create_autocmd("FileType", {
    group = vim.api.nvim_create_augroup("buildlint", {}),
    pattern = config.filetypes,
    callback = function(event)
      config.root_dir(event.buf, function(folder)
        local id = clients[folder]
        if not (id and vim.lsp.get_client_by_id(id)) then
          local of_client = { name = "buildlint", root_dir = folder }
          id = vim.lsp.start_client(vim.tbl_extend("force", config, of_client))
          clients[folder] = id
        end
        if id then
          vim.bo[event.buf].omnifunc = "v:lua.vim.lsp.omnifunc"
          vim.lsp.buf_attach_client(event.buf, id)
        end
      end)
    end,
  })
end

-- Start the server for templates and requests; `options` are those of `vim.lsp.config`.
function M.setup(options)
  if vim.lsp.enable then
    vim.lsp.config("buildlint", options or {})
    vim.lsp.enable("buildlint")
  else
    start_by_hand(vim.tbl_extend("force", M.config, options or {}))
  end
end

return M
