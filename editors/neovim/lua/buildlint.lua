-- buildlint's language server. Neovim 0.11 starts it itself, from `lsp/buildlint.lua`; `setup`
-- does so in older ones, too.

local M = {}

local ROOTS = { ".buildlint.toml", "buildlint.toml", "pyproject.toml", ".git" }

-- Files of infrastructure code, by how their names end, and what declares a template in them.
local HOSTS = { tf = true, yaml = true, yml = true, json = true }
local RESOURCES = {
  "alicloud_ecs_image_pipeline",
  "alicloud_ecs_image_component",
  "ALIYUN::ECS::ImagePipeline",
  "ALIYUN::ECS::ImageComponent",
  "EcsImagePipeline",
  "EcsImageComponent",
}

-- Whether a buffer holds a template, a component or a request by its name.
local function is_named(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  return vim.bo[bufnr].filetype == "buildcontent"
    or name:find("%.request%.%a+$") ~= nil
    or name:find("%.component%.ya?ml$") ~= nil
end

-- Whether a buffer is a file of infrastructure code that may hold a template: a cheap look.
local function may_hold_template(bufnr)
  if not HOSTS[vim.api.nvim_buf_get_name(bufnr):match("%.(%a+)$")] then
    return false
  end
  local text = table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, true), "\n")
  for _, name in ipairs(RESOURCES) do
    if text:find(name, 1, true) then
      return true
    end
  end
  return false
end

-- No other TOML, JSON or YAML concerns buildlint.
local function concerns(bufnr)
  return is_named(bufnr) or may_hold_template(bufnr)
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
  -- A file of Terraform that is still empty is one of TinyFugue to Neovim.
  filetypes = { "buildcontent", "toml", "json", "yaml", "terraform", "tf" },
  root_dir = function(bufnr, on_dir)
    if concerns(bufnr) then
      on_dir(root(bufnr))
    end
  end,
}

-- Before 0.11: one client for each root. Returns what starts it for a buffer.
local function starter(config)
  local clients = {}
  return function(bufnr)
    config.root_dir(bufnr, function(folder)
      local id = clients[folder]
      if not (id and vim.lsp.get_client_by_id(id)) then
        local of_client = { name = "buildlint", root_dir = folder }
        id = vim.lsp.start_client(vim.tbl_extend("force", config, of_client))
        clients[folder] = id
      end
      if id then
        if is_named(bufnr) then
          vim.bo[bufnr].omnifunc = "v:lua.vim.lsp.omnifunc"
        end
        vim.lsp.buf_attach_client(bufnr, id)
      end
    end)
  end
end

-- Start the server for templates and requests, and for files of infrastructure code from when there
-- is a template in them; `options` are those of `vim.lsp.config`.
function M.setup(options)
  local group = vim.api.nvim_create_augroup("buildlint", {})
  local start
  if vim.lsp.enable then
    vim.lsp.config("buildlint", options or {})
    start = function()
      vim.lsp.enable("buildlint") -- looks at all buffers again
    end
    start()
  else
    local config = vim.tbl_extend("force", M.config, options or {})
    start = starter(config)
    vim.api.nvim_create_autocmd("FileType", {
      group = group,
      pattern = config.filetypes,
      callback = function(event)
        start(event.buf)
      end,
    })
  end
  local started = {}
  vim.api.nvim_create_autocmd({ "InsertLeave", "TextChanged" }, {
    group = group,
    pattern = { "*.tf", "*.yaml", "*.yml", "*.json" },
    callback = function(event)
      if not started[event.buf] and may_hold_template(event.buf) then
        started[event.buf] = true
        start(event.buf)
      end
    end,
  })
end

return M
