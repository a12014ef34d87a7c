-- Who is registered. Begins no epoch; where one would begin, another name than the known one says so.
local e = epoch(true)
if e.err then return e end
return {e.name, e.other and {} or redis.call('HGETALL', KEYS[2])}
