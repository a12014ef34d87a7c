-- ARGV[3..]: member, token, the epoch it knows, the number it has applied, the id of that entry, how many entries and
-- bytes at most, whether the account is to be told as used. Registers first, reads second, in one step.
local e = epoch(false)
if e.err then return e end
local known = e.name == ARGV[5]
redis.call('HSET', KEYS[2], 'm:' .. ARGV[3], (known and ARGV[6] or '-') .. ':' .. ARGV[4])
if ARGV[10] == '1' then
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  redis.call('EXPIRE', KEYS[2], ARGV[2])
end
local from = known and '(' .. ARGV[7] or '-'
local read = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', ARGV[8])
local entries, size = {}, 0
for _, entry in ipairs(read) do
  for i = 2, #entry[2], 2 do size = size + #entry[2][i] end
  -- One comes in any case, or nobody would ever get behind it.
  if size > tonumber(ARGV[9]) and #entries > 0 then break end
  entries[#entries + 1] = entry
end
return {e.name, string.format('%.0f', e.age), e.kept, e.last, entries}
