-- ARGV[3..]: how long entries stay, in ms; the record.
local e = epoch(false)
if e.err then return e end
local last = redis.call('HINCRBY', KEYS[2], 'last', 1)
local oldest = string.format('%.0f', math.max(e.now - ARGV[3], 0))
redis.call('XADD', KEYS[1], 'MINID', '~', oldest, '*', 's', last, 'p', ARGV[4])
return {e.name, last, redis.call('HGETALL', KEYS[2])}
