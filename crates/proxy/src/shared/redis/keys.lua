-- What is known of one Idempotency-Key, as `KeyRecord` has it, by the server's clock.
-- KEYS[1]: a hash. f: fingerprint, o: holder, s: state (r runs, u unknown, a answered), b: the request has ended by
-- then, u: it can be applied until then, x: one before ended in an unknown outcome, a: the answer.
-- ARGV: 'take', fingerprint, holder, busy ms, open ms, kept ms
--    or 'end', fingerprint, holder, state or 'n' (nothing was done), open ms, kept ms, answer
local key = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', key, 'f', 'o', 's', 'b', 'u', 'x')
local fingerprint, holder, state = known[1], known[2], known[3]

local function at(ms)
  return string.format('%.0f', now + tonumber(ms))
end

if ARGV[1] == 'take' then
  local after = '0'
  if state then
    if fingerprint ~= ARGV[2] then return {'other'} end
    if state == 'a' then return {'answered', redis.call('HGET', key, 'a')} end
    -- The command was sent again, since its first reply was lost.
    if state == 'r' and holder == ARGV[3] then return {known[6] == '1' and 'over' or 'fresh'} end
    local busy, open = tonumber(known[4] or 0), tonumber(known[5])
    if state == 'r' and now < busy then return {'running', string.format('%.0f', busy - now)} end
    if now < open then return {'open', string.format('%.0f', open - now), holder} end
    after = '1'
  end
  redis.call('HSET', key, 'f', ARGV[2], 'o', ARGV[3], 's', 'r', 'b', at(ARGV[4]), 'u', at(ARGV[5]), 'x', after)
  redis.call('PEXPIRE', key, ARGV[6])
  return {after == '1' and 'over' or 'fresh'}
end

if state and (state == 'a' or holder ~= ARGV[3]) then return 'not-mine' end
local word = ARGV[4]
if word == 'n' then
  if known[6] ~= '1' then
    redis.call('DEL', key)
    return 'kept'
  end
  word = 'u'
end
redis.call('HSET', key, 's', word, 'u', at(ARGV[5]))
if word == 'a' then redis.call('HSET', key, 'a', ARGV[7]) end
if not state then
  -- The store had lost it: its time begins anew.
  redis.call('HSET', key, 'f', ARGV[2], 'o', ARGV[3], 'x', '0')
  redis.call('PEXPIRE', key, ARGV[6])
end
return 'kept'
