-- The tokens of the file BENCH_TOKENS one after another from a place chosen at random, each thread its share, so that
-- answers do not come from a cache.
dofile("tests/bench/wrk/report.lua")
local thread_count = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Authorization"] = os.getenv("BENCH_AUTH")

function setup(thread)
  thread:set("number", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  local threads, line_number = tonumber(os.getenv("BENCH_THREADS")), 0
  tokens = {}
  for line in io.lines(os.getenv("BENCH_TOKENS")) do
    if line_number % threads == number then tokens[#tokens + 1] = line end
    line_number = line_number + 1
  end
  math.randomseed(os.time() + number)
  at = math.random(#tokens)
end

function request()
  at = at % #tokens + 1
  return wrk.format(nil, nil, nil, "token=" .. tokens[at])
end
