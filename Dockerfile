# The production image: wheels only, no compiler, an unprivileged user. PostgreSQL by DATABASE_URL.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv
COPY requirements requirements
RUN pip install --only-binary :all: --require-hashes -r requirements/build.txt -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY app app
RUN pip install --no-deps --no-build-isolation . \
    && useradd --system --create-home --home-dir /srv/home bureau \
    && install -d -o bureau /srv/var
USER bureau
ENV DR_ENVIRONMENT=production DR_VAR=/srv/var DR_HOST=0.0.0.0 PORT=8000
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/health/live\", timeout=3)"]
CMD ["sh", "-c", "double-random migrate && exec double-random serve"]
