-- KEYS: one answer of a vendor (hash: value and end, or owner). ARGV: what to do; the owner or the value; a time in ms.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] == 'keep' then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'value', ARGV[2], 'end', string.format('%.0f', now + ARGV[3]))
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return {'kept', '', 0}
end
local kept = redis.call('HMGET', KEYS[1], 'value', 'end', 'owner')
if ARGV[1] == 'give-back' then
  if kept[3] == ARGV[2] then redis.call('DEL', KEYS[1]) end
  return {'given', '', 0}
end
if kept[1] then
  local left = tonumber(kept[2] or 0) - now
  if left > 0 then return {'value', kept[1], string.format('%.0f', left)} end
  redis.call('DEL', KEYS[1])
elseif kept[3] then
  return {'asked', '', 0}
end
redis.call('HSET', KEYS[1], 'owner', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'mine', '', 0}
