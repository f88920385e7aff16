-- Every token of the file BENCH_TOKENS once, so that no answer can come from a cache.
local thread_count = 0
local threads = {}
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Authorization"] = os.getenv("BENCH_AUTH")

function setup(thread)
  thread:set("number", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  tokens, at = {}, 0
  local i = 0
  for line in io.lines(os.getenv("BENCH_TOKENS")) do
    if i % tonumber(os.getenv("BENCH_THREADS")) == number then tokens[#tokens + 1] = line end
    i = i + 1
  end
end

function request()
  at = at + 1
  return wrk.format(nil, nil, nil, "token=" .. (tokens[at] or tokens[(at - 1) % #tokens + 1]))
end

function done(summary, latency, requests)
  io.write(string.format("RATE %.1f P50 %d P99 %d ERRORS %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99), summary.errors.status))
end
