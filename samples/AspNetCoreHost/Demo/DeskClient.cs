using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AspNetCoreHost.Security;

namespace AspNetCoreHost.Demo;

/// <summary>What a user's program does: start a conversation and talk in it.</summary>
internal sealed class DeskClient : IDisposable
{
    private readonly HttpClient _http;

    internal DeskClient(Uri host, User user)
    {
        _http = new HttpClient { BaseAddress = host, Timeout = TimeSpan.FromMinutes(5) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", user.Key);
    }

    internal async Task<string> StartAsync()
    {
        using var response = await _http.PostAsync("/conversations", null);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    internal async Task<string> SayAsync(string conversation, string text)
    {
        using var response = await PostAsync($"/conversations/{conversation}/messages", new { Text = text });
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    internal async Task<JsonElement[]> ApprovalsAsync() => (await _http.GetFromJsonAsync<JsonElement[]>("/approvals"))!;

    internal Task<HttpResponseMessage> PostAsync(string path, object body) => _http.PostAsJsonAsync(path, body);

    public void Dispose() => _http.Dispose();
}
