-- One fixed POST: BENCH_AUTH is the Authorization header, BENCH_BODY the form, or else what BENCH_TYPE says.
dofile("tests/bench/wrk/report.lua")
wrk.method = "POST"
wrk.headers["Content-Type"] = os.getenv("BENCH_TYPE") or "application/x-www-form-urlencoded"
local auth = os.getenv("BENCH_AUTH")
if auth and auth ~= "" then wrk.headers["Authorization"] = auth end
wrk.body = os.getenv("BENCH_BODY")
