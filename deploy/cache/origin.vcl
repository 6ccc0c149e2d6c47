# One node on the same machine.
vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "8080";
    # The stream of changes sends a sign of life every 15 seconds.
    .between_bytes_timeout = 60s;
    .probe = {
        .url = "/livez";
        .interval = 2s;
        .timeout = 1s;
        .window = 3;
        .threshold = 2;
    }
}

# Who may purge.
acl purgers {
    "127.0.0.1";
    "::1";
}
