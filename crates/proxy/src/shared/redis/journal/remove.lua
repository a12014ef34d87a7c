-- ARGV: the member; the token with which it was last seen, or nothing. Who has registered since stays.
local told = redis.call('HGET', KEYS[2], 'm:' .. ARGV[1])
if told and (ARGV[2] == '' or string.match(told, ':(%d+)$') == ARGV[2]) then
  return redis.call('HDEL', KEYS[2], 'm:' .. ARGV[1])
end
return 0
