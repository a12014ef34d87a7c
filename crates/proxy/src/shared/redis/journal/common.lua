-- KEYS: the journal (stream), the fleet (hash: epoch, server, last, born, kept, and m:<member> for each member).
-- ARGV[1]: a name for an epoch that may begin now. ARGV[2]: seconds after which an unused account is forgotten.
--
-- The epoch names "these data, unbroken". Another one begins where the server is another (it was restarted or
-- promoted: its replication id is new) and where the journal or the hash is gone (flushed, evicted, deleted).

local function last_number()
  local known = tonumber(redis.call('HGET', KEYS[2], 'last') or 0)
  local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  for i = 1, newest and #newest[2] or 0, 2 do
    if newest[2][i] == 's' then known = math.max(known, tonumber(newest[2][i + 1])) end
  end
  return known
end

local function begin(name, server, now, kept)
  -- Numbers go on, and what is left of the journal stays: who joins takes its holds from it.
  local last = string.format('%.0f', last_number())
  -- What members told was of another epoch. They stay: none of them has left.
  local fields = redis.call('HGETALL', KEYS[2])
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'm:' then
      local told = string.gsub(fields[i + 1], '^%d+:', '-:')
      redis.call('HSET', KEYS[2], fields[i], told)
    end
  end
  redis.call('HSET', KEYS[2], 'epoch', name, 'server', server, 'last', last, 'born',
    string.format('%.0f', now), 'kept', kept and 1 or 0)
  if not kept then redis.call('XADD', KEYS[1], '*', 's', last) end
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  redis.call('EXPIRE', KEYS[2], ARGV[2])
  return {name = name, last = last, age = 0, kept = kept and 1 or 0}
end

-- The epoch as it is, or a table with `err`. `look`: where another one would begin, it is only said that it does.
local function epoch(look)
  local info = redis.call('INFO', 'replication')
  if not string.find(info, 'role:master', 1, true) then
    return redis.error_reply('READONLY the server is a replica')
  end
  local server = string.match(info, 'master_replid:(%w+)')
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local e = redis.call('HMGET', KEYS[2], 'epoch', 'server', 'last', 'born', 'kept')
  local there = redis.call('EXISTS', KEYS[1]) == 1
  if e[1] and e[2] == server and there then
    -- A clock that was set back makes nothing older.
    local age = math.max(now - (e[4] or now), 0)
    return {name = e[1], last = e[3] or 0, age = age, kept = tonumber(e[5] or 0), now = now}
  end
  if look then return {name = ARGV[1], other = true} end
  local begun = begin(ARGV[1], server, now, there)
  begun.now = now
  return begun
end

