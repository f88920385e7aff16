-- Asks for tokens as post.lua does, and appends them to files named BENCH_TOKENS.NUMBER, one for each thread.
dofile("tests/bench/wrk/post.lua")
local thread_count = 0

function setup(thread)
  thread:set("number", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  file = io.open(os.getenv("BENCH_TOKENS") .. "." .. number, "a")
  file:setvbuf("line")
end

function response(status, headers, body)
  local token = status == 200 and body:match('"access_token":"([^"]+)"')
  if token then file:write(token, "\n") end
end
