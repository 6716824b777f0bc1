-- One known id at a time.
local key, first, count, n = os.getenv("BENCH_KEY"), 1000000, 10000, 0

function init()
  wrk.headers["Authorization"] = "Bearer " .. key
end

function request()
  n = n + 1
  return wrk.format("GET", "/v1/pages/100/mappings/" .. string.format("%d", (first + n % count) * 10000019))
end
