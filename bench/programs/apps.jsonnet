// chores-tracker as people write it in Jsonnet: a function from an app's names to its nine objects.
// The external variable `apps` is the text of apps.json.
local image = '852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker:3.0.0';
local secrets = [
  { variable: 'DATABASE_URL', property: 'database-url' },
  { variable: 'SECRET_KEY', property: 'secret-key' },
  { variable: 'DB_PASSWORD', property: 'db-password' },
];

local object(apiVersion, kind, name, namespace=null) = {
  apiVersion: apiVersion,
  kind: kind,
  metadata: { name: name, [if namespace != null then 'namespace']: namespace },
};

local mysql(kind, name, parameters) = object('mysql.sql.crossplane.io/v1alpha1', kind, name) {
  spec: { providerConfigRef: { name: 'mysql-provider' }, forProvider: parameters },
};

local choresTracker(app) = [
  object('argoproj.io/v1alpha1', 'Application', app.name, 'argo-cd') {
    spec: {
      project: 'default',
      source: {
        repoURL: 'https://github.com/arigsela/kubernetes',
        targetRevision: 'main',
        path: 'base-apps/' + app.name,
      },
      destination: { server: 'https://kubernetes.default.svc', namespace: app.name },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ['CreateNamespace=true'],
      },
    },
  },
  object('apps/v1', 'Deployment', app.name, app.name) {
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: app.name } },
      template: {
        metadata: { labels: { app: app.name } },
        spec: {
          containers: [{
            name: app.name,
            image: image,
            imagePullPolicy: 'IfNotPresent',
            ports: [{ containerPort: 8000 }],
            envFrom: [
              { configMapRef: { name: app.name + '-config' } },
              { secretRef: { name: app.name + '-secrets' } },
            ],
            readinessProbe: {
              httpGet: { path: '/api/v1/healthcheck', port: 8000 },
              initialDelaySeconds: 30,
              periodSeconds: 5,
            },
          }],
          imagePullSecrets: [{ name: 'ecr-registry' }],
        },
      },
    },
  },
  object('v1', 'Service', app.name, app.name) {
    spec: {
      type: 'ClusterIP',
      ports: [{ port: 80, targetPort: 8000 }],
      selector: { app: app.name },
    },
  },
  object('v1', 'ConfigMap', app.name + '-config', app.name) {
    data: {
      ENVIRONMENT: 'production',
      DEBUG: 'False',
      BACKEND_CORS_ORIGINS: 'https://' + app.host,
    },
  },
  object('external-secrets.io/v1beta1', 'ExternalSecret', app.name + '-secrets', app.name) {
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { name: 'vault-backend', kind: 'SecretStore' },
      target: { name: app.name + '-secrets' },
      data: [
        { secretKey: secret.variable, remoteRef: { key: app.name, property: secret.property } }
        for secret in secrets
      ],
    },
  },
  object('traefik.containo.us/v1alpha1', 'IngressRoute', app.name, app.name) {
    spec: {
      entryPoints: ['web'],
      routes: [{
        match: 'Host(`%s`)' % app.host,
        kind: 'Rule',
        services: [{ name: app.name, port: 80 }],
      }],
    },
  },
  mysql('Database', app.database, {}),
  mysql('User', app.user, {
    passwordSecretRef: { name: app.name + '-secrets', key: 'DB_PASSWORD', namespace: app.name },
  }),
  mysql('Grant', app.database + '-grant', { user: app.user, privileges: ['ALL'], database: app.database }),
];

std.manifestYamlStream(std.flatMap(choresTracker, std.parseJson(std.extVar('apps')).apps), quote_keys=false)
