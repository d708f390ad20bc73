//! What is done in one atomic step, as scripts. Each names all its keys; those of one log share a slot.
//!
//! `state` is a hash beside the stream: `last` (the position of the last entry, trimmed or not), `floor` (the position
//! up to which entries are gone), and `a` and `b` (where the two snapshots stand). Positions are made here and not by
//! `XADD *`, so that a log whose entries are all gone goes on where it was, whatever the clock says.

use redis::Script;

/// Whether one position is before another, and what a position consists of. Numbers beyond 2^53 do not occur: they
/// are milliseconds, and counts within one.
const POSITIONS: &str = r"
local function parts(p)
  local at, n = string.match(p, '^(%d+)%-(%d+)$')
  return tonumber(at), tonumber(n)
end
local function before(p, q)
  local pa, pn = parts(p)
  local qa, qn = parts(q)
  return pa < qa or (pa == qa and pn < qn)
end
local function written(at, n) return string.format('%.0f-%.0f', at, n) end
local function following(p)
  local at, n = parts(p)
  return written(at, n + 1)
end
";

/// KEYS: entries, state. ARGV: channel, condition, its position, then the entries. The positions, or nil if the
/// condition does not hold.
const APPEND: &str = r"
local last = redis.call('HGET', KEYS[2], 'last') or '0-0'
if ARGV[2] == 'last' and last ~= ARGV[3] then return false end
if ARGV[2] == 'holds' then
  local there = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3], 'COUNT', 1)
  if #there == 0 and redis.call('HGET', KEYS[2], 'floor') ~= ARGV[3] then return false end
end
local given = {}
if #ARGV < 4 then return given end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local at, n = parts(last)
for i = 4, #ARGV do
  if now > at then at, n = now, 0 else n = n + 1 end
  given[i - 3] = written(at, n)
  redis.call('XADD', KEYS[1], given[i - 3], 'e', ARGV[i])
end
redis.call('HSET', KEYS[2], 'last', given[#given])
redis.call('PUBLISH', ARGV[1], 'a' .. given[#given])
return given
";

/// KEYS: entries. ARGV: the first position wanted, how many, how many bytes. Entries, in pages of few, since one may
/// be large.
const READ: &str = r"
local limit, room = tonumber(ARGV[2]), tonumber(ARGV[3])
local found, from = {}, ARGV[1]
while #found < limit do
  local page = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', math.min(8, limit - #found))
  for _, entry in ipairs(page) do
    room = room - #entry[2][2]
    if room < 0 and #found > 0 then return found end
    found[#found + 1] = {entry[1], entry[2][2]}
  end
  if #page == 0 then break end
  from = following(page[#page][1])
end
return found
";

/// KEYS: entries, state, snapshot a, snapshot b, incoming. ARGV: where it stands, for how many milliseconds entries stay whatever
/// snapshots there are. Whether it was written. What is gone is named by the last entry of it.
const SNAPSHOT: &str = r"
local last = redis.call('HGET', KEYS[2], 'last')
local a, b = redis.call('HGET', KEYS[2], 'a'), redis.call('HGET', KEYS[2], 'b')
local newest = a
if b and (not newest or before(newest, b)) then newest = b end
if not last or before(last, ARGV[1]) or (newest and not before(newest, ARGV[1])) then
  redis.call('DEL', KEYS[5])
  return 0
end
local slot, key, older = 'a', KEYS[3], b
if a and (not b or before(b, a)) then slot, key, older = 'b', KEYS[4], a end
redis.call('RENAME', KEYS[5], key)
redis.call('PERSIST', key)
redis.call('HSET', KEYS[2], slot, ARGV[1])
if older then
  local time = redis.call('TIME')
  local till = written(tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) - tonumber(ARGV[2]), 0)
  if before(till, older) then
    local there = redis.call('XREVRANGE', KEYS[1], till, '-', 'COUNT', 1)
    older = there[1] and there[1][1]
  end
end
if older then
  redis.call('XTRIM', KEYS[1], 'MINID', following(older))
  redis.call('HSET', KEYS[2], 'floor', older)
end
return 1
";

/// KEYS: entries, state, snapshot a, snapshot b, incoming, the entries as they were. ARGV: where the snapshot stands.
/// Whether it was done. The stream is made anew: one that is trimmed keeps in its blocks what it held.
const BEGIN_ANEW: &str = r"
local last, floor = redis.call('HGET', KEYS[2], 'last'), redis.call('HGET', KEYS[2], 'floor')
if not last or before(last, ARGV[1]) or (floor and before(ARGV[1], floor)) then
  redis.call('DEL', KEYS[5])
  return 0
end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[6])
redis.call('RENAME', KEYS[5], KEYS[3])
redis.call('PERSIST', KEYS[3])
redis.call('HDEL', KEYS[2], 'b')
redis.call('HSET', KEYS[2], 'a', ARGV[1], 'floor', ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('RENAME', KEYS[1], KEYS[6])
  local from = following(ARGV[1])
  while true do
    local page = redis.call('XRANGE', KEYS[6], from, '+', 'COUNT', 8)
    if #page == 0 then break end
    for _, entry in ipairs(page) do redis.call('XADD', KEYS[1], entry[1], 'e', entry[2][2]) end
    from = following(page[#page][1])
  end
  redis.call('DEL', KEYS[6])
end
redis.call('PUBLISH', ARGV[2], 'a')
return 1
";

/// KEYS: entries, state. ARGV: positions and entries in turn. Entries that have their positions already.
const BRING: &str = r"
for i = 1, #ARGV, 2 do redis.call('XADD', KEYS[1], ARGV[i], 'e', ARGV[i + 1]) end
redis.call('HSET', KEYS[2], 'last', ARGV[#ARGV - 1])
return #ARGV / 2
";

/// KEYS: a counter. ARGV: what is added, for how long it counts in milliseconds. What it comes to.
const COUNT: &str = r"
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return count
";

/// KEYS: what is held. ARGV: by whom, for how long in milliseconds. Whether it is.
const HOLD: &str = r"
local by = redis.call('GET', KEYS[1])
if by and by ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
";

/// KEYS: what is claimed. ARGV: the claim, for how long in milliseconds. What somebody else has put there, or nil: it is ours. A
/// claim that is repeated, since its answer was lost, is still the same one.
const CLAIM: &str = r"
local there = redis.call('GET', KEYS[1])
if there and there ~= ARGV[1] then return there end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false
";

/// KEYS: what is claimed. ARGV: the claim, for how long in milliseconds, what came of it if anything did. Whether it was noted.
const SETTLE: &str = r"
local there = redis.call('GET', KEYS[1])
if ARGV[3] then
  if there and string.sub(there, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[1] .. ARGV[3], 'PX', ARGV[2])
  return 1
end
if there ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
";

/// KEYS: what is said. ARGV: by whom, the number, for how long in milliseconds. The least that is said by anybody. A member is
/// the number and who says it, with a colon between; its score is when it ends.
const LEAST: &str = r"
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local own, least = ':' .. ARGV[1], tonumber(ARGV[2])
for _, said in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local number = tonumber(string.match(said, '^(%d+):'))
  if string.sub(said, -#own) == own then
    redis.call('ZREM', KEYS[1], said)
  elseif number and number < least then
    least = number
  end
end
if tonumber(ARGV[3]) > 0 then
  redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2] .. own)
  if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
end
return least
";

pub(super) struct Scripts {
    pub(super) append: Script,
    pub(super) read: Script,
    pub(super) snapshot: Script,
    pub(super) begin_anew: Script,
    pub(super) bring: Script,
    pub(super) count: Script,
    pub(super) hold: Script,
    pub(super) claim: Script,
    pub(super) settle: Script,
    pub(super) least: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        let script = |body: &str| Script::new(&format!("{POSITIONS}{body}"));
        Self {
            append: script(APPEND),
            read: script(READ),
            snapshot: script(SNAPSHOT),
            begin_anew: script(BEGIN_ANEW),
            bring: script(BRING),
            count: Script::new(COUNT),
            hold: Script::new(HOLD),
            claim: Script::new(CLAIM),
            settle: Script::new(SETTLE),
            least: Script::new(LEAST),
        }
    }
}
