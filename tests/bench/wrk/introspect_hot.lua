-- A thousand tokens of the file BENCH_TOKENS.0 again and again.
dofile("tests/bench/wrk/post.lua")
local requests, at = {}, 0

function init()
  for token in io.lines(os.getenv("BENCH_TOKENS") .. ".0") do
    requests[#requests + 1] = wrk.format(nil, nil, nil, "token=" .. token)
    if #requests == 1000 then break end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
