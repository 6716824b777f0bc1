-- Lists of 200 known ids, as programs that know only Graph send them.
local first, count, size = 1000000, 10000, 200
local bodies, n = {}, 0

function init()
  local who = "access_token=" .. os.getenv("BENCH_TOKEN") .. "&appsecret_proof=" .. os.getenv("BENCH_PROOF")
  for start = 0, count - size, size do
    local ids = {}
    for i = 0, size - 1 do
      ids[#ids + 1] = string.format("%d", (first + start + i) * 10000019)
    end
    bodies[#bodies + 1] = who .. "&user_ids=" .. table.concat(ids, "%2C")
  end
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  n = n + 1
  return wrk.format("POST", "/pages_id_mapping", nil, bodies[n % #bodies + 1])
end
