-- Whole sign-ins: authorize, sign-in page, password, resume, code, token. One connection a thread, so that the
-- answers come in the order of the requests. BENCH_USER, BENCH_PASSWORD, BENCH_AUTH (the application's).
local step, jar, location, page, code
local finished, failed = 0, 0
local issuer, redirect = os.getenv("BENCH_ISSUER"), os.getenv("BENCH_REDIRECT")
local form = {["Content-Type"] = "application/x-www-form-urlencoded"}

local function encode(s)
  return (s:gsub("[^%w%-%._~]", function(c) return string.format("%%%02X", c:byte()) end))
end

-- RFC 7636 appendix B.
local verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
local challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

local function begin()
  step, jar, location, page, code = "authorize", {}, nil, nil, nil
end

local threads = {}
function setup(thread) threads[#threads + 1] = thread end
function init() begin() end

local function cookies()
  local all = {}
  for name, value in pairs(jar) do all[#all + 1] = name .. "=" .. value end
  return table.concat(all, "; ")
end

local function hidden(name)
  return page:match('name="' .. name .. '"[^>]*value="([^"]*)"')
end

function request()
  if step == "authorize" then
    return wrk.format("GET", "/authorize?response_type=code&client_id=portal&scope=openid%20profile&redirect_uri=" ..
      encode(redirect) .. "&code_challenge=" .. challenge .. "&code_challenge_method=S256&state=s")
  elseif step == "page" or step == "resume" then
    return wrk.format("GET", location, {Cookie = cookies()})
  elseif step == "password" then
    return wrk.format("POST", "/signin", {Cookie = cookies(), ["Content-Type"] = form["Content-Type"]},
      "username=" .. encode(os.getenv("BENCH_USER")) .. "&password=" .. encode(os.getenv("BENCH_PASSWORD")) ..
      "&t=" .. encode(hidden("t")) .. "&csrf=" .. encode(hidden("csrf")))
  end
  return wrk.format("POST", "/token",
    {Authorization = os.getenv("BENCH_AUTH"), ["Content-Type"] = form["Content-Type"]},
    "grant_type=authorization_code&code=" .. code .. "&redirect_uri=" .. encode(redirect) ..
    "&code_verifier=" .. verifier)
end

-- wrk's headers keep one value a name, and our answers set one cookie each but for the last; so both are looked for.
local function take_cookies(headers)
  for name, value in pairs(headers) do
    if name:lower() == "set-cookie" then
      local n, v = value:match("^([^=]+)=([^;]*)")
      if n then jar[n] = v end
    end
  end
end

local function local_path(to)
  if to and to:sub(1, #issuer) == issuer then return to:sub(#issuer + 1) end
  return to
end

local after = {authorize = "page", password = "resume"}

function response(status, headers, body)
  take_cookies(headers)
  local to = headers["Location"]
  if step == "page" and status == 200 then
    page, step = body, "password"
  elseif status == 303 and step == "resume" and to:match("[?&]code=") then
    code, step = to:match("[?&]code=([^&]+)"), "token"
  elseif status == 303 and after[step] then
    location, step = local_path(to), after[step]
  elseif step == "token" and status == 200 then
    finished = finished + 1
    begin()
  else
    failed = failed + 1
    begin()
  end
  wrk.thread:set("finished", finished)
  wrk.thread:set("failed", failed)
end

function done(summary, latency, requests)
  local all, bad = 0, 0
  for _, thread in ipairs(threads) do
    all = all + (thread:get("finished") or 0)
    bad = bad + (thread:get("failed") or 0)
  end
  io.write(string.format("RATE %.1f P50 %d P99 %d ERRORS %d\n", all / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99), bad))
end
