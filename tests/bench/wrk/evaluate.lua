-- Decisions about people, chosen at random unless BENCH_ONE_BY_ONE is set; the answer must be 200 whatever the decision is.
dofile("tests/bench/wrk/report.lua")
local people = tonumber(os.getenv("BENCH_PEOPLE"))
local one_by_one = os.getenv("BENCH_ONE_BY_ONE") -- everybody in turn: how a server gets to know them
local last = -1
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = os.getenv("BENCH_AUTH")

local seed = 0
function setup(thread)
    seed = seed + 1
    thread:set("seed", seed)
end

function init()
    math.randomseed(seed * 7919)
end

function request()
    last = one_by_one and (last + 1) % people or math.random(0, people - 1)
    local p = last
    return wrk.format(nil, nil, nil, string.format(
        '{"subject":{"type":"user","id":"l-%d"},"action":{"name":"action%d"},"resource":{"type":"case","id":"c-%d","properties":{"department":"900000/D%d","owner":"l-0"}}}',
        p, math.random(0, 4), p, p % 200))
end
