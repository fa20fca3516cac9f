-- Edits a template as a user does, and tells what Neovim showed.

local seen = {}

-- Keys are only read between the steps: a step that waits lets go until it may go on.
local function wait(is_met, what)
  local deadline = vim.loop.now() + 20000
  local thread = coroutine.running()
  local function look()
    local ok, met = pcall(is_met)
    if ok and met then
      assert(coroutine.resume(thread, true))
    elseif vim.loop.now() > deadline then
      assert(coroutine.resume(thread, false))
    else
      vim.defer_fn(look, 5)
    end
  end
  vim.defer_fn(look, 0)
  if not coroutine.yield() then
    error("waited in vain for " .. what)
  end
end

local function type_keys(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), "n", false)
end

local function problems()
  return vim.tbl_map(function(found)
    return {
      place = { found.lnum, found.col, found.end_lnum, found.end_col },
      code = found.code,
      severity = found.severity,
      message = found.message,
      source = found.source,
    }
  end, vim.diagnostic.get(0))
end

local function wait_for_problems()
  wait(function() return #problems() > 0 end, "a diagnostic")
end

local function wait_for_none()
  wait(function() return #problems() == 0 end, "an end of the diagnostics")
end

-- Applies the code action of a title at a place; returns the titles of all.
local function apply_at(place, wanted)
  local titles = {}
  vim.api.nvim_win_set_cursor(0, { place[1] + 1, place[2] })
  vim.ui.select = function(actions, options, choose)
    for _, action in ipairs(actions) do
      local title = options.format_item(action)
      table.insert(titles, title)
      if title:find(wanted, 1, true) then
        choose(action)
      end
    end
  end
  vim.lsp.buf.code_action()
  wait_for_none()
  return titles
end

local function popup()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true), "\n")
    end
  end
end

local function steps()
  wait_for_problems()
  seen.filetype = vim.bo.filetype
  seen.before = problems()
  local mistake = seen.before[1].place

  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.lsp.buf.hover()
  wait(popup, "the hover")
  seen.hover = popup()

  seen.actions = apply_at(mistake, "Add double quotes")
  seen.mended = vim.api.nvim_get_current_line()

  type_keys("GoR<C-x><C-o>")
  wait(function() return vim.fn.pumvisible() == 1 end, "the completions")
  seen.completions = vim.tbl_map(function(item)
    return item.word
  end, vim.fn.complete_info({ "items" }).items)
  type_keys("<C-y> true<Esc>") -- takes the first
  wait(function() return vim.api.nvim_get_mode().mode == "n" end, "normal mode")

  vim.api.nvim_buf_set_lines(0, -1, -1, true, { "run   echo 中文😀", "", "", 'env LAST="1"' })
  wait_for_problems()
  vim.cmd("write")
  wait_for_none()
  seen.written = vim.fn.readfile("web.buildcontent")

  vim.cmd("edit web.request.toml")
  wait_for_problems()
  seen.request = problems()
  vim.cmd("2substitute/10/40/")
  wait_for_none()

  vim.cmd("edit! nginx.component.yaml")
  wait_for_problems()
  seen.component = problems()

  vim.cmd("edit! main.tf")
  wait_for_problems()
  seen.terraform = problems()
  apply_at(seen.terraform[1].place, "Add double quotes")
  vim.cmd("write")
  seen.terraform_written = vim.fn.readfile("main.tf")

  seen.clients_of_others = 0
  for _, name in ipairs({ "other.toml", "other.yaml", "stack.yaml" }) do
    vim.cmd("edit! " .. name)
    seen.clients_of_others = seen.clients_of_others + #vim.tbl_keys(vim.lsp.buf_get_clients(0))
  end
  type_keys(":1substitute/Image/ImagePipeline/<CR>")
  wait_for_problems()
  seen.typed = problems()
end

coroutine.wrap(function()
  local ok, message = xpcall(steps, debug.traceback)
  if not ok then
    seen = { failed = message }
  end
  vim.fn.writefile({ vim.fn.json_encode(seen) }, vim.env.RESULT)
  vim.cmd("qall!")
end)()
