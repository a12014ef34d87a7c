-- What one would write by hand to translate a room and a day: no schema, no validation, no log.
local cjson = require "cjson"

-- Tables of Lua have no order, so the fields of a form are named in theirs.
local FIELDS = {
  "external_id", "name", "capacity", "address", "telephone", "postalCode", "city", "province", "observations",
}
local WRITTEN = { ["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;" }
local READ = { lt = "<", gt = ">", amp = "&", quot = '"', apos = "'" }

-- Appends `value` as elements of this name to the pieces.
local function element(pieces, name, value)
  if type(value) ~= "table" then
    local text = tostring(value):gsub("[<>&]", WRITTEN)
    table.insert(pieces, "<" .. name .. ">" .. text .. "</" .. name .. ">")
  elseif #value > 0 then
    for _, item in ipairs(value) do element(pieces, name, item) end
  else
    table.insert(pieces, "<" .. name .. ">")
    for key, item in pairs(value) do element(pieces, key, item) end
    table.insert(pieces, "</" .. name .. ">")
  end
end

local function text_of(raw)
  return (raw:gsub("&(%a+);", READ))
end

-- Reads what stands from `from` on up to the end tag of the element around it. Returns its children and attributes as
-- a table, or its text, and where it ended.
local function content(source, from, value)
  local here = from
  while true do
    local first, last, slash, name, rest = source:find("<(/?)([%w_:.-]+)([^>]*)>", here)
    if not first or slash == "/" then
      if next(value) == nil then value = text_of(source:sub(from, (first or 0) - 1)) end
      return value, (last or #source) + 1
    end
    local inner = {}
    for key, attribute in rest:gmatch('([%w_:.-]+)="([^"]*)"') do inner[key] = text_of(attribute) end
    here = last + 1
    if rest:sub(-1) ~= "/" then inner, here = content(source, here, inner) end
    local before = value[name]
    if before == nil then
      value[name] = inner
    elseif type(before) == "table" and #before > 0 then
      table.insert(before, inner)
    else
      value[name] = { before, inner }
    end
  end
end

local function request()
  ngx.req.read_body()
  return cjson.decode(ngx.req.get_body_data())
end

local function answer(status, value)
  local text = cjson.encode(value)
  ngx.status = status
  ngx.header.content_type = "application/json"
  ngx.header.content_length = #text
  ngx.print(text)
end

local function room()
  local given, pairs_of_form = request(), {}
  for place, field in ipairs(FIELDS) do
    pairs_of_form[place] = field .. "=" .. ngx.escape_uri(tostring(given[field]))
  end
  local came = ngx.location.capture("/vendor/rooms", { method = ngx.HTTP_POST, body = table.concat(pairs_of_form, "&") })
  local id = came.header.Location:match("[^/]+$")
  answer(came.status, { id = id, location = "/v1/rooms/" .. id })
end

local function day()
  local pieces = { '<?xml version="1.0" encoding="UTF-8"?>' }
  element(pieces, "request", request())
  local target = "/vendor/days/" .. ngx.var.uri:match("[^/]+$")
  local came = ngx.location.capture(target, { method = ngx.HTTP_POST, body = table.concat(pieces) })
  local start = came.body:find("<response", 1, true)
  local tree = content(came.body, start, {})
  answer(came.status, tree.response)
end

return { room = room, day = day }
