-- A bucket, as `Pace` has it, by the server's clock.
-- KEYS[1]: when it is full, in microseconds. ARGV: µs of one, µs of the whole, longest wait µs,
-- 'upto' and how many | 'within' and µs | 'forced'.
-- Reply: permits, wait in µs, µs until it is full.
local one, whole, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local ahead = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) - now, 0)
-- Nobody waits for so long: the clock was put back.
if ahead > 2 * whole + longest then ahead = whole end
local after = ahead + one
local wait = math.max(after - whole, 0)
local permits = 0
-- Halves of a microsecond are lost in large numbers.
if ARGV[4] == 'upto' then
  if wait < 0.5 then
    wait = 0
    permits = math.min(tonumber(ARGV[5]), math.floor((whole - ahead + 0.5) / one))
    after = ahead + one * permits
  end
elseif ARGV[4] == 'forced' then
  permits, wait, after = 1, 0, math.max(math.min(after, 2 * whole), ahead)
elseif wait <= tonumber(ARGV[5]) then
  permits = 1
end
if permits > 0 then
  redis.call('SET', KEYS[1], string.format('%.17g', now + after), 'PX', math.ceil(after / 1000) + 1)
  ahead = after
end
return {permits, math.ceil(wait), math.ceil(ahead)}
