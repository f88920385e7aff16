-- Every token once: each thread those of its file BENCH_TOKENS.NUMBER, read on the way, because wrk's threads do not start
-- together and must not have much to prepare. A thread without tokens ends; that is said, and the rate is then too low.
-- With BENCH_UNTIL_USED_UP, and one thread, wrk ends then.
dofile("tests/bench/wrk/post.lua")
local threads = {}
local report = done

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init()
  file = assert(io.open(os.getenv("BENCH_TOKENS") .. "." .. number))
  head = wrk.format():sub(1, -3) .. "Content-Length: "
end

function request()
  local token = file:read("*l")
  if token then
    last = head .. #token + 6 .. "\r\n\r\ntoken=" .. token
  elseif os.getenv("BENCH_UNTIL_USED_UP") then
    os.exit(0)
  else
    ran_out = true
    wrk.thread:stop()
  end
  return last
end

function done(summary, latency, requests)
  report(summary, latency, requests)
  for _, thread in ipairs(threads) do
    if thread:get("ran_out") then io.write("RAN OUT\n") end
  end
end
