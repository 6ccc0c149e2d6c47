# Sedia behind Varnish (7.1 or newer, with xkey of varnish-modules): varnishd -a 127.0.0.1:6081 -f /etc/varnish/default.vcl
# TLS ends before it. `sedia purge --url http://127.0.0.1:6081/` beside it drops what a change concerns.
vcl 4.1;

import std;
import xkey;

# Where the nodes are, and who may purge: origin.vcl is one node beside, nodes.vcl the three of ../compose.yml.
include "./origin.vcl";

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403, "Not from here"));
        }
        if (!req.http.xkey) {
            return (synth(400, "Name tags in xkey"));
        }
        return (synth(200, "Purged " + xkey.purge(req.http.xkey)));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # What is asked with a key, or by somebody who has seen a change, is nobody else's question. Pages know people by a
    # cookie; the contract under /v1 knows none.
    if (req.http.Authorization || req.http.sedia-seq || req.url == "/v1/changes/stream"
        || req.url ~ "^/v1/changes/stream\?") {
        return (pass);
    }
    if (req.url ~ "^/v1/") {
        unset req.http.Cookie;
    }
    if (req.http.Cookie) {
        return (pass);
    }
    # An old answer serves while a new one is fetched; for longer only while the origin is away. Bodies say as of when.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 5s;
    }
    # The same question, however the client writes what it takes, is one entry.
    set req.url = std.querysort(req.url);
    if (req.http.Accept-Language ~ "^(?i)en") {
        set req.http.Accept-Language = "en";
    } else {
        unset req.http.Accept-Language;
    }
    return (hash);
}

sub vcl_hash {
    # Not by host: the answers are the same under every name.
    hash_data(req.url);
    return (lookup);
}

sub vcl_backend_response {
    # Only what the origin calls public is kept; the rest is asked for each time.
    if (beresp.http.Cache-Control !~ "(^|[ ,])public([ ,]|$)" || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 60s;
        return (deliver);
    }
    # ttl is the origin's max-age; grace is its stale-if-error, which Varnish does not read.
    set beresp.grace = 5m;
}

sub vcl_backend_error {
    # The old answer stays.
    if (bereq.is_bgfetch) {
        return (abandon);
    }
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Cache-Tag;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "hit";
    } else {
        set resp.http.X-Cache = "miss";
    }
}
