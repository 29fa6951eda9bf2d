-- A line end, all arguments one per line, a line end: whatever a template is given is rendered.
local echo = {}

function echo.main(frame)
    local lines = {""}
    for _, value in pairs(frame:getParent().args) do
        lines[#lines + 1] = value
    end
    return table.concat(lines, "\n") .. "\n"
end

return echo
